#pragma once

// One row of logits: the passes over a whole vocabulary that every token costs, between its decode and the next. Written so that a
// compiler makes vector code of them without -ffast-math, under which NaN would be lost.

// Index of the first of the largest values; NaN is never it, unless all are. n ≥ 1.
int arg_max(const float * x, int n);

// log Σ exp(x), the normaliser of a log-softmax. Not finite where a value is NaN or +∞, or all are −∞.
double log_sum_exp(const float * x, int n);
