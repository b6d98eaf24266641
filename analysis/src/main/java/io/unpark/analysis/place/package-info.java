/** Which line of a stack is the user's. */
package io.unpark.analysis.place;
