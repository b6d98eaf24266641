/** How the collector reaches others over HTTP: TLS, client certificates, credentials from files. */
package io.unpark.ingest.outgoing;
