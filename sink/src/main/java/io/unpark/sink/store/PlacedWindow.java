package io.unpark.sink.store;

/** A window's JSON, and where it stands. */
public record PlacedWindow(WindowPlace place, String document) {}
