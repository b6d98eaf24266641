#!/usr/bin/env python3
"""Load for a NATS server, in its own text protocol: subscribers that read, and publishers. Until it is ended."""
import socket
import sys
import threading
import time

HOST, PORT = "127.0.0.1", int(sys.argv[1])
SUBSCRIBERS, PUBLISHERS, A_SECOND = 20, 10, 100


def connect():
    connection = socket.create_connection((HOST, PORT))
    connection.sendall(b'CONNECT {"verbose":false,"pedantic":false}\r\n')
    return connection


def read(connection):
    while True:
        data = connection.recv(1 << 16)
        if not data:
            return
        if b"PING\r\n" in data:
            connection.sendall(b"PONG\r\n")


def publish(connection, number):
    while True:
        connection.sendall(b"PUB orders.%d 64\r\n%s\r\n" % (number % 5, b"x" * 64))
        time.sleep(1 / A_SECOND)


for number in range(SUBSCRIBERS):
    subscriber = connect()
    subscriber.sendall(b"SUB orders.%d %d\r\n" % (number % 5, number))
    threading.Thread(target=read, args=(subscriber,), daemon=True).start()
for number in range(PUBLISHERS):
    publisher = connect()
    threading.Thread(target=read, args=(publisher,), daemon=True).start()
    threading.Thread(target=publish, args=(publisher, number), daemon=True).start()
threading.Event().wait()
