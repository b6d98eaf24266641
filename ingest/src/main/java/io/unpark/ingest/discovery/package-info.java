/** Where scrape targets come from: the configuration, files, and HTTP, in Prometheus's formats. */
package io.unpark.ingest.discovery;
