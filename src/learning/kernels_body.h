// The kernels, written once in GCC's vector extensions. Included by kernels_<level>.cpp, which define
// SENTIO_KERNEL_NAMESPACE and SENTIO_KERNEL_LANES (doubles per vector: 2, 4 or 8). No other header
// may come in: see kernels.h.

#include "kernels.h"

namespace sentio::SENTIO_KERNEL_NAMESPACE {
namespace {

constexpr int kLanes = SENTIO_KERNEL_LANES;
constexpr int kSide = 8;                // rows and columns of a block
constexpr int kBlock = kSide * kSide;   // doubles in a block
constexpr int kParts = kSide / kLanes;  // vectors in a block's column

typedef double Vec __attribute__((vector_size(kLanes * sizeof(double)), may_alias));
typedef double LooseVec __attribute__((vector_size(kLanes * sizeof(double)), may_alias, aligned(8)));

inline Vec load(const double* p) {
  return *reinterpret_cast<const Vec*>(p);
}
inline Vec load_loose(const double* p) {
  return *reinterpret_cast<const LooseVec*>(p);
}
inline void store(double* p, Vec v) {
  *reinterpret_cast<Vec*>(p) = v;
}

// Written per width: initialisers and shuffles of another width do not compile.
#if SENTIO_KERNEL_LANES == 8
inline Vec splat(double s) {
  return Vec{s, s, s, s, s, s, s, s};
}
/// Lane c of the result is the sum over the lanes of t[c].
inline Vec lane_sums(const Vec (&t)[8]) {
  Vec u[4];
  Vec v[2];
  for (int i = 0; i < 4; ++i)
    u[i] = __builtin_shufflevector(t[2 * i], t[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
           __builtin_shufflevector(t[2 * i], t[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  for (int i = 0; i < 2; ++i)
    v[i] = __builtin_shufflevector(u[2 * i], u[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
           __builtin_shufflevector(u[2 * i], u[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
  return __builtin_shufflevector(v[0], v[1], 0, 1, 2, 3, 8, 9, 10, 11) +
         __builtin_shufflevector(v[0], v[1], 4, 5, 6, 7, 12, 13, 14, 15);
}
#elif SENTIO_KERNEL_LANES == 4
inline Vec splat(double s) {
  return Vec{s, s, s, s};
}
inline Vec lane_sums(const Vec (&t)[4]) {
  Vec u[2];
  for (int i = 0; i < 2; ++i)
    u[i] = __builtin_shufflevector(t[2 * i], t[2 * i + 1], 0, 4, 2, 6) +
           __builtin_shufflevector(t[2 * i], t[2 * i + 1], 1, 5, 3, 7);
  return __builtin_shufflevector(u[0], u[1], 0, 1, 4, 5) + __builtin_shufflevector(u[0], u[1], 2, 3, 6, 7);
}
#else
inline Vec splat(double s) {
  return Vec{s, s};
}
inline Vec lane_sums(const Vec (&t)[2]) {
  return __builtin_shufflevector(t[0], t[1], 0, 2) + __builtin_shufflevector(t[0], t[1], 1, 3);
}
#endif

inline double lane_sum(Vec v) {
  double s = v[0];
  for (int i = 1; i < kLanes; ++i) s += v[i];
  return s;
}

double dot(int blocks, const double* a, const double* b) {
  Vec s0 = splat(0);
  Vec s1 = splat(0);
  Vec s2 = splat(0);
  Vec s3 = splat(0);
  const int size = blocks * kSide;
  int i = 0;
  for (; i + 4 * kLanes <= size; i += 4 * kLanes) {
    s0 += load(a + i) * load(b + i);
    s1 += load(a + i + kLanes) * load(b + i + kLanes);
    s2 += load(a + i + 2 * kLanes) * load(b + i + 2 * kLanes);
    s3 += load(a + i + 3 * kLanes) * load(b + i + 3 * kLanes);
  }
  for (; i < size; i += kLanes) s0 += load(a + i) * load(b + i);
  return lane_sum((s0 + s1) + (s2 + s3));
}

bool within(const double* x, int count, double bound) {
  bool good = true;
  for (int i = 0; i < count; ++i) good &= __builtin_fabs(x[i]) <= bound;
  return good;
}

void dots(const double* x, int count, const double* w, int stride, int rows, double* out) {
  const int whole = count / kLanes * kLanes;
  alignas(64) double tail[kLanes] = {};
  for (int i = whole; i < count; ++i) tail[i - whole] = x[i];
  for (int h = 0; h < rows; ++h) {
    const double* row = w + static_cast<long>(h) * stride;
    Vec s0 = splat(0);
    Vec s1 = splat(0);
    int i = 0;
    for (; i + 2 * kLanes <= whole; i += 2 * kLanes) {
      s0 += load_loose(x + i) * load(row + i);
      s1 += load_loose(x + i + kLanes) * load(row + i + kLanes);
    }
    for (; i < whole; i += kLanes) s0 += load_loose(x + i) * load(row + i);
    if (whole < count) s1 += load(tail) * load(row + whole);
    out[h] = lane_sum(s0 + s1);
  }
}

void decay_add(int blocks, double lambda, double y, const double* x, double* b) {
  const Vec vl = splat(lambda);
  const Vec vy = splat(y);
  for (int i = 0; i < blocks * kSide; i += kLanes) store(b + i, vl * load(b + i) + vy * load(x + i));
}

void learn(int blocks, double lambda, double y, const double* x, const double* g, double* b, double* w) {
  const Vec vl = splat(lambda);
  const Vec vy = splat(y);
  const Vec error = splat(y - dot(blocks, x, w));
  for (int i = 0; i < blocks * kSide; i += kLanes) {
    store(b + i, vl * load(b + i) + vy * load(x + i));
    store(w + i, load(w + i) + error * load(g + i));
  }
}

void scale(int blocks, double factor, const double* q, double* out) {
  const Vec f = splat(factor);
  for (int i = 0; i < blocks * kSide; i += kLanes) store(out + i, f * load(q + i));
}

/// kLanes columns of one block column of the triangle at once: each stays in registers as the sum of
/// the rows below it, while the rows' own sums go through `out`.
template <bool kDowndate>
inline void multiply_columns(int below, double* block, const double* r, const double* x, double* out,
                             int first) {
  Vec xc[kLanes];
  Vec rc[kLanes];
  Vec sums[kLanes];
#pragma GCC unroll 8
  for (int c = 0; c < kLanes; ++c) {
    xc[c] = splat(x[first + c]);
    if constexpr (kDowndate) rc[c] = splat(r[first + c]);
    sums[c] = splat(0);
  }
  for (int i = 0; i <= below; ++i) {
    double* column = block + i * kBlock + first * kSide;
#pragma GCC unroll 4
    for (int p = 0; p < kParts; ++p) {
      const int at = i * kSide + p * kLanes;
      Vec ri = splat(0);
      if constexpr (kDowndate) ri = load(r + at);
      const Vec xi = i == 0 ? splat(0) : load(x + at);  // the diagonal block holds both halves itself
      Vec y = load(out + at);
#pragma GCC unroll 8
      for (int c = 0; c < kLanes; ++c) {
        Vec v = load(column + c * kSide + p * kLanes);
        if constexpr (kDowndate) {
          v -= ri * rc[c];
          store(column + c * kSide + p * kLanes, v);
        }
        y += v * xc[c];
        sums[c] += v * xi;
      }
      store(out + at, y);
    }
  }
  store(out + first, load(out + first) + lane_sums(sums));
}

template <bool kDowndate>
inline double multiply_triangle(int blocks, double* triangle, const double* r, const double* x, double* out) {
  for (int i = 0; i < blocks * kSide; i += kLanes) store(out + i, splat(0));
  double* block = triangle;
  for (int j = 0; j < blocks; ++j) {
    const int at = j * kSide;
    for (int first = 0; first < kSide; first += kLanes)
      multiply_columns<kDowndate>(blocks - j - 1, block, kDowndate ? r + at : nullptr, x + at, out + at,
                                  first);
    block += (blocks - j) * kBlock;
  }
  return dot(blocks, x, out);
}

double multiply(int blocks, const double* triangle, const double* x, double* out) {
  return multiply_triangle<false>(blocks, const_cast<double*>(triangle), nullptr, x, out);
}

double downdate_multiply(int blocks, double* triangle, const double* r, const double* x, double* out) {
  return multiply_triangle<true>(blocks, triangle, r, x, out);
}

void pack(int blocks, const double* row, double weight, double* panels, int k, int depth) {
  const Vec f = splat(weight);
  for (int i = 0; i < blocks; ++i)
    for (int p = 0; p < kSide; p += kLanes)
      store(panels + static_cast<long>(i) * depth * kSide + k * kSide + p, f * load(row + i * kSide + p));
}

/// c ← factor·c ± ab' for kVectors vectors of rows and kColumns columns, all sums in registers.
template <int kVectors, int kColumns, bool kSubtract>
inline void update_tile(double* c, long c_step, const double* a, long a_step, const double* b, int depth,
                        double factor) {
  Vec sums[kVectors][kColumns];
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v)
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) sums[v][j] = splat(0);
  for (int k = 0; k < depth; ++k) {
    Vec rows[kVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) rows[v] = load(a + v * a_step + k * kSide);
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) {
      const Vec column = splat(b[k * kSide + j]);
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[v][j] += rows[v] * column;
    }
  }
  const Vec f = splat(factor);
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v)
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) {
      double* p = c + v * c_step + j * kSide;
      store(p, kSubtract ? load(p) - sums[v][j] : f * load(p) + sums[v][j]);
    }
}

/// `count` blocks below each other in one block column.
template <bool kSubtract>
inline void update_blocks(double* c, int count, const double* a, const double* b, int depth, double factor) {
  const long panel = static_cast<long>(depth) * kSide;
  if constexpr (kLanes == 8) {
    for (; count >= 3; count -= 3, c += 3 * kBlock, a += 3 * panel)
      update_tile<3, 8, kSubtract>(c, kBlock, a, panel, b, depth, factor);
    if (count == 2) update_tile<2, 8, kSubtract>(c, kBlock, a, panel, b, depth, factor);
    if (count == 1) update_tile<1, 8, kSubtract>(c, kBlock, a, panel, b, depth, factor);
  } else {
    for (; count > 0; --count, c += kBlock, a += panel)
      for (int j = 0; j < kSide; j += 4)
        for (int i = 0; i < kSide; i += 2 * kLanes)
          update_tile<2, 4, kSubtract>(c + j * kSide + i, kLanes, a + i, kLanes, b + j, depth, factor);
  }
}

void fold(int blocks, double* triangle, double factor, const double* panels, int depth) {
  double* column = triangle;
  for (int j = 0; j < blocks; ++j) {
    const double* panel = panels + static_cast<long>(j) * depth * kSide;
    update_blocks<false>(column, blocks - j, panel, panel, depth, factor);
    column += (blocks - j) * kBlock;
  }
}

inline void transpose_block(const double* from, double* to) {
  for (int i = 0; i < kSide; ++i)
    for (int j = 0; j < kSide; ++j) to[i * kSide + j] = from[j * kSide + i];
}

/// Cholesky factor of one 8×8 block, l(row, column) at 8·column + row, reciprocal diagonal in `inverse`.
inline bool factor_block(const double* block, const double* pivot_min, double* l, double* inverse,
                         double pivots[2]) {
  for (int i = 0; i < kBlock; ++i) l[i] = block[i];
  for (int k = 0; k < kSide; ++k) {
    const double pivot = l[k * kSide + k];
    if (!(pivot >= pivot_min[k]) || !(pivot <= 1e300)) return false;
    if (pivot < pivots[0]) pivots[0] = pivot;
    if (pivot > pivots[1]) pivots[1] = pivot;
    const double root = __builtin_sqrt(pivot);
    inverse[k] = 1.0 / root;
    for (int i = k; i < kSide; ++i) l[k * kSide + i] *= inverse[k];
    for (int j = k + 1; j < kSide; ++j)
      for (int i = j; i < kSide; ++i) l[j * kSide + i] -= l[k * kSide + i] * l[k * kSide + j];
  }
  return true;
}

/// v ← v·l⁻ᵀ and w = v·l⁻¹ for one block of eight rows.
inline void solve_block(double* v, double* w, const double* l, const double* inverse) {
#pragma GCC unroll 4
  for (int p = 0; p < kSide; p += kLanes) {
    Vec t[kSide];
#pragma GCC unroll 8
    for (int c = 0; c < kSide; ++c) {
      t[c] = load(v + c * kSide + p);
#pragma GCC unroll 8
      for (int k = 0; k < c; ++k) t[c] -= t[k] * splat(l[k * kSide + c]);
      t[c] *= splat(inverse[c]);
      store(v + c * kSide + p, t[c]);
    }
#pragma GCC unroll 8
    for (int c = kSide - 1; c >= 0; --c) {
#pragma GCC unroll 8
      for (int k = c + 1; k < kSide; ++k) t[c] -= t[k] * splat(l[c * kSide + k]);
      t[c] *= splat(inverse[c]);
      store(w + c * kSide + p, t[c]);
    }
  }
}

inline long block_at(int blocks, int i, int j) {
  return static_cast<long>(j * blocks - j * (j - 1) / 2 + (i - j)) * kBlock;
}

/// Block column k as panels: below the diagonal as stored, above it from block row k, and the
/// identity at k itself (whose solution is the pivot block's inverse).
inline void gather_column(int blocks, const double* triangle, int k, double* v) {
  for (int i = 0; i < k; ++i) transpose_block(triangle + block_at(blocks, k, i), v + i * kBlock);
  for (int e = 0; e < kBlock; ++e) v[k * kBlock + e] = e % (kSide + 1) == 0 ? 1.0 : 0.0;
  const double* below = triangle + block_at(blocks, k, k) + kBlock;
  for (int e = 0; e < (blocks - k - 1) * kBlock; e += kLanes)
    store(v + (k + 1) * kBlock + e, load(below + e));
}

inline void scatter_column(int blocks, double* triangle, int k, const double* w) {
  for (int i = 0; i < k; ++i) transpose_block(w + i * kBlock, triangle + block_at(blocks, k, i));
  double* diagonal = triangle + block_at(blocks, k, k);
  for (int i = 0; i < kSide; ++i)
    for (int j = 0; j <= i; ++j) {
      const double value = -w[k * kBlock + j * kSide + i];
      diagonal[j * kSide + i] = value;
      diagonal[i * kSide + j] = value;
    }
  double* below = diagonal + kBlock;
  for (int e = 0; e < (blocks - k - 1) * kBlock; e += kLanes)
    store(below + e, load(w + (k + 1) * kBlock + e));
}

/// Block Gauss-Jordan ("sweep") with Cholesky pivots. The blocks not yet swept hold the same Schur
/// complements as a Cholesky factorisation, the swept ones minus the inverse of the leading part, a
/// sum of terms of one sign. Costs n³ flops like Cholesky + inverse + product, in one kernel.
bool invert(int blocks, double* triangle, double pivot_min, double* scratch, double pivots[2]) {
  double* v = scratch;
  double* w = v + static_cast<long>(blocks) * kBlock;
  double* least = w + static_cast<long>(blocks) * kBlock;
  for (int i = 0; i < blocks * kSide; ++i) {
    const double rounding =
        0x1p-46 * triangle[block_at(blocks, i / kSide, i / kSide) + i % kSide * (kSide + 1)];
    least[i] = rounding > pivot_min ? rounding : pivot_min;
  }
  pivots[0] = 1e300;
  pivots[1] = 0;
  for (int k = 0; k < blocks; ++k) {
    alignas(64) double l[kBlock];
    alignas(64) double inverse[kSide];
    if (!factor_block(triangle + block_at(blocks, k, k), least + k * kSide, l, inverse, pivots)) return false;
    gather_column(blocks, triangle, k, v);
    for (int i = 0; i < blocks; ++i) solve_block(v + i * kBlock, w + i * kBlock, l, inverse);
    for (int j = 0; j < blocks; ++j) {
      if (j == k) continue;
      double* column = triangle + block_at(blocks, j, j);
      const double* panel = v + j * kBlock;
      const int above = k > j ? k - j : 0;  // blocks of this column before row k
      const int from = k > j ? k + 1 : j;
      update_blocks<true>(column, above, panel, panel, kSide, 1.0);
      update_blocks<true>(column + (from - j) * kBlock, blocks - from, v + from * kBlock, panel, kSide, 1.0);
    }
    scatter_column(blocks, triangle, k, w);
  }
  const int size = blocks * (blocks + 1) / 2 * kBlock;
  for (int e = 0; e < size; e += kLanes) store(triangle + e, -load(triangle + e));
  return true;
}

}  // namespace

const Kernels kTable = {within, dots, decay_add, learn, multiply, downdate_multiply,
                        scale,  pack, fold,      invert};

}  // namespace sentio::SENTIO_KERNEL_NAMESPACE
