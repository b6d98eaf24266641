/**
 * What the collector accepted, as files: a folder for each service, in it one for each hour (UTC, by the collector's clock), in
 * it traces that {@code go tool trace} opens and race logs, each with an index beside it that says whose they are.
 */
package io.unpark.ingest.archive;
