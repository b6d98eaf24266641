/** Compact binary forms of records, for state stores. */
package io.unpark.analysis.codec;
