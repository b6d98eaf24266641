package io.unpark.analysis.detect;

import io.unpark.analysis.model.Confidence;

/**
 * Why a group is a leak.
 *
 * @param rule named in the evidence, and explained in docs/detectors/goroutine_leak.md
 */
record LeakVerdict(String rule, String why, Confidence confidence) {}
