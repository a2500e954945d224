#include "clock.h"

#include <chrono>

#ifdef _WIN32
#    include <windows.h>
#    include <cstdint>
#else
#    include <ctime>
#endif

double now_us() {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Processor time of the whole process. That of all threads that compute and spin is nearly all of it, and where other processes
// take the cores it falls behind threads × wall time.
double cpu_now_us() {
#ifdef _WIN32
    FILETIME created, ended, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) { return 0; }
    const auto ticks = [](const FILETIME & t) { return (double) (((uint64_t) t.dwHighDateTime << 32) | t.dwLowDateTime); };
    return (ticks(kernel) + ticks(user))/10;
#else
    timespec t = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec*1e6 + t.tv_nsec/1e3;
#endif
}
