/** The dead-letter topics: what lies there, and the way back. */
package io.unpark.app.dlq;
