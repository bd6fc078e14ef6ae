#pragma once

#include <xalign/topk.h>

#include <span>
#include <vector>

namespace xalign {

/// How unevenly neighbours are spread over candidates. N_j is in how many lists candidate j stands.
struct Hubness {
  double skewness = 0;    ///< of N: mean (N_j - m)^3 / s^3 (Radovanovic 2010); 0 = even, 1 = much
  double antihubs = 0;    ///< share of candidates that are in no list
  double robin_hood = 0;  ///< sum_j |N_j - m| / (2 sum_j N_j): the share of all list places that
                          ///< would have to change hands to make N even (Feldbauer 2018); 0 to 1
  Index largest = 0;      ///< the largest N_j
};

/// N_j of each of m candidates among the first k entries of all lists (k = 0: all entries).
std::vector<Index> count_occurrences(const TopkLists& lists, Index candidates, int k = 0);

/// @param occurrences  N; without candidates or with empty lists all measures are 0
Hubness score_hubness(std::span<const Index> occurrences);

}  // namespace xalign
