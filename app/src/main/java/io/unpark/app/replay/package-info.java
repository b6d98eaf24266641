/**
 * History through the pipeline: what was recorded, archived or is still on a topic is sent again, in the order and, if wanted, at
 * the pace of its own time, to topics of its own.
 */
package io.unpark.app.replay;
