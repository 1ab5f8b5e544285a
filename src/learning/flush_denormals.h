#pragma once
/// Numbers too small for a normalised double count as zero while this lives.

#include <xmmintrin.h>

namespace sentio {

/// A feature that stays zero lets its part of A and b decay by λ a row; after some weeks of that every
/// product would be a denormal, which costs a hundred cycles each and means nothing.
class FlushDenormals {
 public:
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }
  ~FlushDenormals() { _mm_setcsr(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  static constexpr unsigned kFlushToZero = 0x8000;
  static constexpr unsigned kDenormalsAreZero = 0x0040;
  unsigned before_;
};

}  // namespace sentio
