#pragma once
/// Assertions that stay on in every build: money paths check their own invariants.

#include <source_location>

namespace sentio {

/// Prints the broken condition with its place to stderr and aborts. A broken invariant is a
/// bug in this program; a broker that disagrees with us is the world and comes back as a Result.
[[noreturn]] void check_failed(const char* condition, const std::source_location& where);

}  // namespace sentio

#define SENTIO_CHECK(cond) \
  ((cond) ? void() : ::sentio::check_failed(#cond, std::source_location::current()))
