#define SENTIO_KERNEL_NAMESPACE kernels_baseline
#define SENTIO_KERNEL_LANES 2
#include "kernels_body.h"
