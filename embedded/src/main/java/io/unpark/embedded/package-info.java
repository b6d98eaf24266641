/** The broker and the registry within this process: for the all-in-one mode, and for tests of other rooms. */
package io.unpark.embedded;
