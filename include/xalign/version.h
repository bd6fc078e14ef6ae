#pragma once

/// Version of xalign, "major.minor.patch". Files and JSON layouts carry version numbers of their
/// own.
#define XALIGN_VERSION "0.1.0"
