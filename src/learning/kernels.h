#pragma once
/// The learner's inner loops, one table per instruction set.
///
/// Panel     8 rows × depth columns, column by column: element (row, k) at 8k + row.
/// Triangle  a symmetric matrix of 8×8 blocks (i ≥ j), block column by block column, each block
///           stored like a panel of depth 8. Diagonal blocks hold both halves, equal to the last bit.
/// Vectors   `blocks`·8 doubles, aligned to 64 bytes, zero beyond the last feature.
///
/// This header is compiled for several instruction sets: nothing inline and nothing from the standard
/// library may be in it, or the linker could keep a copy that only the newest processor understands.

namespace sentio {

struct Kernels {
  /// |x_i| <= bound for every i (false for NaN); x need not be aligned.
  bool (*within)(const double* x, int count, double bound);
  /// out[h] = x'w_h; w_h start `stride` doubles apart, x has `count` values and need not be aligned.
  void (*dots)(const double* x, int count, const double* w, int stride, int rows, double* out);
  /// b ← λb + x·y
  void (*decay_add)(int blocks, double lambda, double y, const double* x, double* b);
  /// b ← λb + x·y and w ← w + g(y − x'w)
  void (*learn)(int blocks, double lambda, double y, const double* x, const double* g, double* b, double* w);
  /// out = Tx; returns x'out.
  double (*multiply)(int blocks, const double* triangle, const double* x, double* out);
  /// T ← T − rr', then out = Tx; returns x'out. One pass over the triangle.
  double (*downdate_multiply)(int blocks, double* triangle, const double* r, const double* x, double* out);
  /// out = factor·q
  void (*scale)(int blocks, double factor, const double* q, double* out);
  /// Column k of `depth` of every block's panel = weight·row.
  void (*pack)(int blocks, const double* row, double weight, double* panels, int k, int depth);
  /// T ← factor·T + ZZ', Z the stacked panels.
  void (*fold)(int blocks, double* triangle, double factor, const double* panels, int depth);
  /// T ← T⁻¹. False, and T lost, when a pivot is not finite, below `pivot_min`, or so far below its
  /// diagonal element (2⁻⁴⁶) that it is made of rounding. The least and the largest pivot go to `pivots`.
  /// `scratch`: 136·blocks doubles, aligned.
  bool (*invert)(int blocks, double* triangle, double pivot_min, double* scratch, double pivots[2]);
};

namespace kernels_baseline {
extern const Kernels kTable;
}
namespace kernels_avx2 {
extern const Kernels kTable;
}
namespace kernels_avx512 {
extern const Kernels kTable;
}

}  // namespace sentio
