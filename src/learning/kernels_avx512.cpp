#define SENTIO_KERNEL_NAMESPACE kernels_avx512
#define SENTIO_KERNEL_LANES 8
#include "kernels_body.h"
