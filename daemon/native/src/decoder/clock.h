#pragma once

double now_us();     // of a clock that never goes back
double cpu_now_us(); // processor time of this process
