"""Confluent's own Python client against Unpark's topics, in both directions.

    python confluent_client.py BOOTSTRAP REGISTRY

Reads go-findings and go-anomalies, writes a race report to go-race-reports, and waits until it comes back as an anomaly.
Ends with 0 when all of it worked within two minutes.
"""
import hashlib
import sys
import time

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

LIMIT_SECONDS = 120
KAFKA = sys.argv[1]
REGISTRY = SchemaRegistryClient({"url": sys.argv[2]})
TEXT = """==================
WARNING: DATA RACE
Write at 0x00c000012345 by goroutine 8:
  main.count()
      /src/counter.go:12 +0x44
Previous read at 0x00c000012345 by goroutine 7:
  main.show()
      /src/counter.go:30 +0x55
==================
"""


def frame(function, line):
    return {"function": function, "file": "/src/counter.go", "line": line}


def race_report(key):
    """As the collector makes it: the id is a hash of key and text, so that sent twice counts once."""
    return {
        "id": hashlib.sha256((key + "\n" + TEXT).encode()).hexdigest()[:32],
        "instance": {"namespace": "", "service": "from-python", "name": "from-python-1", "version": "v1"},
        "reported_unix_ns": time.time_ns(),
        "accesses": [
            {"operation": "write", "atomic": False, "address": "0x00c000012345", "goroutine": 8, "main": False,
             "stack": [frame("main.count", 12)]},
            {"operation": "read", "atomic": False, "address": "0x00c000012345", "goroutine": 7, "main": False,
             "stack": [frame("main.show", 30)]},
        ],
        "origins": [],
        "text": TEXT,
    }


def read(topic, wanted):
    """The first value for which wanted is true."""
    decode = AvroDeserializer(REGISTRY)
    consumer = Consumer({
        "bootstrap.servers": KAFKA,
        "group.id": "unpark-reader-interop",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
    })
    consumer.subscribe([topic])
    deadline = time.monotonic() + LIMIT_SECONDS
    try:
        while time.monotonic() < deadline:
            message = consumer.poll(0.5)
            if message is None or message.error() or message.value() is None:
                continue
            value = decode(message.value(), SerializationContext(topic, MessageField.VALUE))
            if wanted(value):
                return value
    finally:
        consumer.close()
    sys.exit(f"nothing of the kind on {topic} within {LIMIT_SECONDS} s")


def write_race_report():
    encode = AvroSerializer(
        REGISTRY,
        REGISTRY.get_latest_version("go-race-reports-value").schema.schema_str,
        conf={"auto.register.schemas": False},
    )
    key = "/from-python/from-python-1"
    value = encode(race_report(key), SerializationContext("go-race-reports", MessageField.VALUE))
    failures = []
    producer = Producer({"bootstrap.servers": KAFKA, "enable.idempotence": True})
    producer.produce(
        "go-race-reports", key=key.encode(), value=value, on_delivery=lambda error, _: error and failures.append(error))
    producer.flush(30)
    if failures:
        sys.exit(f"the report was not taken: {failures}")


finding = read("go-findings", lambda it: True)
print("finding:", finding["kind"], finding["place"]["site"])
anomaly = read("go-anomalies", lambda it: True)
print("anomaly:", anomaly["kind"], anomaly["count"], anomaly["summary"])
write_race_report()
race = read("go-anomalies", lambda it: it["kind"] == "data_race" and it["instance"]["service"] == "from-python")
print("race:", race["evidence"]["sites"], race["summary"])
