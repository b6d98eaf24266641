/** Puts the chunks of one instance in order before they are judged: generations that come late, again, or never. */
package io.unpark.analysis.order;
