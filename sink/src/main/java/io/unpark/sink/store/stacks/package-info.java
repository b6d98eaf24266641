/** Stacks with their counts: added up, and as the documents that are stored. */
package io.unpark.sink.store.stacks;
