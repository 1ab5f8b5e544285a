// Gives the test programs their shared precompiled header (CMakeLists.txt) a target to belong to.
