// Who is answered, and what.

#include <gtest/gtest.h>

#include "http/request_rules.h"

namespace sentio::dashboard_detail {
namespace {

RequestHead get(const std::string& target) { return {.method = "GET", .target = target, .hosts = {"localhost:8717"}}; }

TEST(RequestRules, KnowThisMachinesNamesWithAnyPort) {
  for (const char* host : {"localhost", "LOCALHOST:1", "localhost:8717", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:80"})
    EXPECT_TRUE(names_this_machine(host)) << host;
  for (const char* host : {"", "evil.example", "evil.example:8717", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:",
                           "localhost:80a", "localhost:123456", "localhost@evil.example", "127.0.0.10", "127.0.0.1:80:90", "::1",
                           "[::1].evil.example", "10.0.0.1:8717", " localhost", "localhost "})
    EXPECT_FALSE(names_this_machine(host)) << host;
}

TEST(RequestRules, ServeThreePaths) {
  EXPECT_EQ(judge(get("/")).what, Served::page);
  EXPECT_EQ(judge(get("/?x=1")).what, Served::page);
  EXPECT_EQ(judge(get("/snapshot.json")).what, Served::snapshot);
  EXPECT_EQ(judge(get("/events?a/b")).what, Served::events);
  for (const char* path : {"", "//", "/index.html", "/events/", "/snapshot.json/..", "/../etc/passwd", "/%2e%2e/etc/passwd",
                           "/logs/live_trading/status.json", "http://localhost/", "*", "events"}) {
    EXPECT_EQ(judge(get(path)).status, 404) << path;
    EXPECT_EQ(judge(get(path)).what, Served::refused) << path;
  }
}

TEST(RequestRules, RefuseOtherHostsMethodsAndSites) {
  RequestHead request = get("/");
  request.hosts = {"evil.example:8717"};
  EXPECT_EQ(judge(request).status, 403);
  request.hosts = {};
  EXPECT_EQ(judge(request).status, 400);
  request.hosts = {"localhost", "evil.example"};
  EXPECT_EQ(judge(request).status, 400);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", ""}) {
    request = get("/snapshot.json");
    request.method = method;
    EXPECT_EQ(judge(request).status, 405) << method;
  }
  for (const auto& [site, status] : {std::pair{"cross-site", 403}, {"same-site", 403}, {"same-origin", 200}, {"none", 200}}) {
    request = get("/snapshot.json");
    request.fetch_site = site;
    EXPECT_EQ(judge(request).status, status) << site;
    request.target = "/";
    EXPECT_EQ(judge(request).status, 200) << "a link from " << site << " may lead to the page";
  }
  request = get("/events");
  request.method = "HEAD";
  EXPECT_EQ(judge(request).what, Served::events);
}

}  // namespace
}  // namespace sentio::dashboard_detail
