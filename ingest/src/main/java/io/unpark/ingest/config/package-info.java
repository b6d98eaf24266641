/** What {@code collector} in {@code unpark.yaml} may say. */
package io.unpark.ingest.config;
