// Written by scripts/fit-spelling-model; do not edit. Fitted on the training dictionaries of
// ru-fr, fi-ru, en-de, en-es, en-it, en-fi, de-it.
#include "mapping/spelling_coefficients.h"

#include "mapping/pair_features.h"

namespace xalign {

VectorD default_pair_coefficients(const VectorD& spread) {
  VectorD coefficients(static_cast<Eigen::Index>(kPairFeatures.size()));
  coefficients << 0.3267,  // cosine
      -0.1377,             // candidate r
      -0.3304,             // log rank
      -0.0134,             // margin
      0.2468,              // backward gap
      -0.2399,             // log backward
      -0.4707,             // log freq
      -0.2351,             // log freq ratio
      0.2610,              // edit
      0.1257,              // bigram dice
      0.1694,              // trigram dice
      0.1850,              // prefix
      -0.0374,             // long prefix
      -0.1905,             // length
      -0.0415,             // equal
      0.0000;              // digits
  return coefficients.cwiseQuotient(spread);
}

}  // namespace xalign
