/** The folder that files are dropped into. */
package io.unpark.ingest.spool;
