/** Go's heap and goroutine profiles over time: what grows, what is stuck for certain, and how that joins what traces tell. */
package io.unpark.analysis.profile;
