#include "windows/volume_windows.h"

#include "numbers.h"

namespace sentio::features {

void VolumeWindows::push(const PathMinute& minute) {
  const double volume = minute.volume, signed_volume = minute.sign * volume;
  const double typical = (minute.high + minute.low + minute.close) / 3;
  const double span = minute.high - minute.low;
  const double multiplier =
      span > kFlatPrice * minute.close ? (2 * minute.close - minute.high - minute.low) / span : 0.0;
  // The same traded price on both sides of a night differs in the last bits of the path.
  const double change = typical - previous_typical, noise = kFlatPrice * typical;
  const double flow = typical * volume;
  in5.push({volume, signed_volume});
  in20.push({volume, volume * volume, signed_volume, multiplier * volume, change > noise ? flow : 0.0,
             change < -noise ? flow : 0.0});
  in60.push({volume, volume * volume, signed_volume, flow, minute.log_return * volume});
  in390.push({volume, volume * volume, flow});
  previous_typical = typical;
}

}  // namespace sentio::features
