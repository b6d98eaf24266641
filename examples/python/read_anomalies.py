# pip install 'confluent-kafka[schemaregistry,avro]'
# python examples/python/read_anomalies.py 127.0.0.1:9092 http://127.0.0.1:8081
import sys

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

decode = AvroDeserializer(SchemaRegistryClient({"url": sys.argv[2]}))
consumer = Consumer({
    "bootstrap.servers": sys.argv[1],
    "group.id": "unpark-reader-python",
    "auto.offset.reset": "earliest",
    "isolation.level": "read_committed",
})
consumer.subscribe(["go-anomalies"])
while True:
    message = consumer.poll(1.0)
    if message is None or message.error():
        continue
    if message.value() is None:  # a tombstone: withdrawn, or past its retention
        print("gone:", message.key().decode(), flush=True)
        continue
    anomaly = decode(message.value(), SerializationContext(message.topic(), MessageField.VALUE))
    place = anomaly["place"]
    print(anomaly["kind"], anomaly["severity"], f'{place["file"]}:{place["line"]}', anomaly["summary"], flush=True)
