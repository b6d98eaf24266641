/** Data races, from reports of Go's race detector. */
package io.unpark.analysis.race;
