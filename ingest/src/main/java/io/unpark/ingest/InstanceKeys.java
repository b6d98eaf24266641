package io.unpark.ingest;
import io.unpark.schemas.record.Instance;
final class InstanceKeys { static String of(Instance i) { return i.getNamespace() + "/" + i.getService() + "/" + i.getName(); } }
