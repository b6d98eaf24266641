/** The collector: traces and race logs, pushed or from files, become records on the input topics. */
package io.unpark.ingest;
