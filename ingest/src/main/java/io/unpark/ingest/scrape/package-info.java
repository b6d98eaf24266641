/**
 * Fetches from services that know nothing of Unpark. A job has targets and endpoints; each endpoint of each target has a schedule of its
 * own, and one target is asked for one thing at a time, so that nothing that is fetched shows up in what is fetched besides.
 */
package io.unpark.ingest.scrape;
