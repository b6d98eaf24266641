/** Follows the files that Go's race detector writes. */
package io.unpark.ingest.races;
