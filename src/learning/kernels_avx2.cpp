#define SENTIO_KERNEL_NAMESPACE kernels_avx2
#define SENTIO_KERNEL_LANES 4
#include "kernels_body.h"
