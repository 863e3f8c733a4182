# SPDX-License-Identifier: Apache-2.0
"""Client of a running jouletwin: reads what a twin or a heater publishes, asks, commands. Needs pyzmq and numpy.

    with Client("tcp://127.0.0.1:5703") as twin:
        for message in twin.follow(["state", "field/T_K"]):
            ...

Frames are topic | header | payload as in bridge/wire/frame.hpp; payloads as in bridge/wire/payload.hpp.
"""
import json
import struct
import time
import uuid
from collections import namedtuple

import numpy as np
import zmq

MAGIC, MAJOR, MINOR = b"JTWP", 1, 0
HEADER = struct.Struct("<4sHHQQqqI")  # magic, version, type, seq, epoch, t_source_ns, t_send_ns, quality: 44 bytes
TYPES = {name: n for n, name in enumerate(
    ("reading", "heater_status", "state", "forecast", "field", "alarm", "status", "heartbeat", "command",
     "command_result", "hello", "time", "snapshot", "text", "refusal"), start=1)}
NAMES = {n: name for name, n in TYPES.items()}
QUALITIES = ("good", "uncertain", "predicted", "stale", "bad")
_MOST_FIELD_JSON = 8192  # bytes

Header = namedtuple("Header", "type seq epoch t_source_ns t_send_ns quality")
# content: a dict, for fields with "values" as an array indexed [z, y, x]; gap: frames of its topic are missing before it
Message = namedtuple("Message", "topic header content gap", defaults=(False,))


class WireError(Exception):
    """A frame that is none, or a request that was refused or not answered."""


def encode_header(kind, seq, epoch, t_source_ns=None, quality=0):
    now = time.time_ns()
    return HEADER.pack(MAGIC, 256 * MAJOR + MINOR, TYPES[kind], seq, epoch, now if t_source_ns is None else t_source_ns, now,
                       quality)


def decode_header(data):
    if len(data) != HEADER.size:
        raise WireError(f"header of {len(data)} bytes; allowed: {HEADER.size}")
    magic, version, kind, seq, epoch, t_source, t_send, quality = HEADER.unpack(data)
    if magic != MAGIC:
        raise WireError("header does not begin with JTWP")
    if version // 256 != MAJOR:
        raise WireError(f"version {version // 256}.{version % 256}; allowed: {MAJOR}.x")
    if kind not in NAMES or quality >= len(QUALITIES):
        raise WireError(f"unknown type {kind} or quality {quality}")
    return Header(NAMES[kind], seq, epoch, t_source, t_send, QUALITIES[quality])


def decode_field(payload):
    """u32 length of the JSON | JSON | float32, x fastest."""
    if len(payload) < 4:
        raise WireError("field without its JSON")
    (length,) = struct.unpack_from("<I", payload)
    if length > min(len(payload) - 4, _MOST_FIELD_JSON):
        raise WireError("field shorter than the length of its JSON says")
    content = _json(payload[4:4 + length])
    try:
        nx, ny, nz = (int(n) for n in content["cells"])
    except (KeyError, TypeError, ValueError) as error:
        raise WireError("field without its cells") from error
    raw = payload[4 + length:]
    if min(nx, ny, nz) < 1 or len(raw) != 4 * nx * ny * nz:
        raise WireError(f"field of {nx} x {ny} x {nz} cells has {len(raw)} bytes of values")
    content["values"] = np.frombuffer(raw, dtype="<f4").reshape(nz, ny, nx)
    return content


def _json(text):
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"no JSON: {error}") from error
    if not isinstance(content, dict):
        raise WireError("payload is no JSON object")
    return content


def decode(parts):
    """A Message of three parts. Raises WireError."""
    if len(parts) != 3:
        raise WireError(f"message of {len(parts)} parts; allowed: 3, topic, header and payload")
    header = decode_header(parts[1])
    topic = parts[0].decode("ascii", "replace")
    if header.type == "field":
        return Message(topic, header, decode_field(parts[2]))
    if header.type in ("text", "refusal", "snapshot"):
        return Message(topic, header, parts[2].decode("utf-8", "replace"))
    return Message(topic, header, _json(parts[2]))


def read_keys(file):
    """Keys of a file that `jouletwin keygen` has written: {"public": bytes, "secret": bytes}."""
    keys = {}
    with open(file, encoding="ascii") as lines:
        for line in lines:
            name, _, value = line.partition("=")
            if name.strip() in ("public", "secret"):
                keys[name.strip()] = value.strip().strip('"').encode()
    return keys


class Client:
    """A twin, or a heater, by the address where it takes requests. Used by one thread.

    key: file NAME.key of this client; server_key: file NAME.pub of the other side."""

    def __init__(self, requests="tcp://127.0.0.1:5703", key=None, server_key=None, timeout_s=2.0):
        self.requests, self.timeout_s = requests, timeout_s
        self.rejected, self.missing = 0, 0
        self._keys = (read_keys(key), read_keys(server_key)["public"]) if key and server_key else None
        self._context = zmq.Context()
        self._epoch, self._number, self._seen = time.time_ns(), 0, {}
        self._subscriber = None
        self._requester = self._socket(zmq.DEALER)
        self._requester.setsockopt(zmq.IMMEDIATE, 1)
        self._requester.connect(requests)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._context.destroy(linger=0)

    def _socket(self, kind):
        socket = self._context.socket(kind)
        for option, value in ((zmq.LINGER, 0), (zmq.MAXMSGSIZE, (256 << 20) + 16384), (zmq.HEARTBEAT_IVL, 1000),
                              (zmq.HEARTBEAT_TIMEOUT, 4000), (zmq.HEARTBEAT_TTL, 4000), (zmq.RECONNECT_IVL, 50),
                              (zmq.RECONNECT_IVL_MAX, 2000)):
            socket.setsockopt(option, value)
        if self._keys:
            own, server = self._keys
            socket.curve_publickey, socket.curve_secretkey, socket.curve_serverkey = own["public"], own["secret"], server
        return socket

    def _ask(self, topic, payload=b"", kind="text"):
        self._number += 1
        end = time.monotonic() + self.timeout_s
        parts = [topic.encode(), encode_header(kind, self._number, self._epoch), payload]
        left = lambda: max(0, int(1000 * (end - time.monotonic())))
        if not self._requester.poll(left(), zmq.POLLOUT):
            raise WireError(f"nobody there at {self.requests}")
        self._requester.send_multipart(parts)
        while self._requester.poll(left()):
            reply = self._requester.recv_multipart()
            try:
                first = decode(reply[:3])
            except WireError:
                self.rejected += 1
                continue
            if first.header.seq != self._number:
                continue  # too late an answer to an earlier request
            if first.header.type == "refusal":
                raise WireError(f"{topic} refused: {first.content}")
            return first, reply[3:]
        raise WireError(f"no answer to {topic} within {self.timeout_s} s from {self.requests}")

    def hello(self):
        return self._ask("hello")[0].content

    def text(self, name, payload=""):
        """For example the scenario (TOML) or the history (JSON)."""
        return self._ask(name, payload.encode())[0].content

    def snapshot(self, topics=()):
        """The newest message of each topic."""
        frames = self._ask("snapshot", "".join(t + "\n" for t in topics).encode())[1]
        messages = []
        for n in range(0, len(frames) - len(frames) % 3, 3):
            try:
                messages.append(decode(frames[n:n + 3]))
            except WireError:
                self.rejected += 1
        return messages

    def command(self, verb, payload="", deadline_s=3.0, epoch=0):
        """start | hold | resume | abort | program. What became of it: {"accepted": bool, "reason": text ...}."""
        command = {"id": uuid.uuid4().hex, "epoch": epoch, "deadline": time.time_ns() + int(1e9 * deadline_s), "verb": verb,
                   "payload": payload}
        return self._ask("command", json.dumps(command).encode(), "command")[0].content

    def clock_offset(self, exchanges=8):
        """(their clock minus ours, error) [s], of the exchange with the least delay."""
        best = None
        for _ in range(exchanges):
            reply = self._ask("time")[0].content
            t4 = time.time_ns()
            t1, t2, t3 = reply["t_asked_ns"], reply["t_received_ns"], reply["t_sent_ns"]
            delay = (t4 - t1) - (t3 - t2)
            if best is None or delay < best[1]:
                best = (((t2 - t1) + (t3 - t4)) / 2, delay)
        return best[0] * 1e-9, best[1] * 0.5e-9

    def follow(self, topics=("",), silence_s=None):
        """What is published, beginning with the snapshot; ends after `silence_s` without a message (None: never). After a gap
        or a restart the snapshot is taken again."""
        address = self.hello()["endpoints"]["predictions"]
        self._subscriber = self._socket(zmq.SUB)
        for topic in topics:
            self._subscriber.setsockopt(zmq.SUBSCRIBE, topic.encode())
        self._subscriber.connect(address)
        yield from self._joined(topics)
        first = True
        while self._subscriber.poll(None if silence_s is None else int(1000 * silence_s)):
            message = self._checked(self._subscriber.recv_multipart())
            if message is None:
                continue
            yield message
            # What was published before the subscription took effect is in the snapshot taken after it.
            if first or message.gap:
                yield from self._joined(topics)
            first = False
        self._subscriber.close()

    def _joined(self, topics):
        try:
            messages = self.snapshot([t for t in topics if t])
        except WireError:
            return
        for message in messages:
            epoch, seq = self._seen.get(message.topic, (0, 0))
            if (message.header.epoch, message.header.seq) > (epoch, seq):
                self._seen[message.topic] = (message.header.epoch, message.header.seq)
                yield message

    def _checked(self, parts):
        try:
            message = decode(parts)
        except WireError:
            self.rejected += 1
            return None
        epoch, seq = self._seen.get(message.topic, (message.header.epoch, None))
        if message.header.epoch == epoch:
            if seq is not None and message.header.seq <= seq:
                return None  # in the snapshot already, or repeated
            lost = 0 if seq is None else message.header.seq - seq - 1
        elif message.header.epoch < epoch:
            return None  # of a life that is over
        else:
            lost = message.header.seq - 1
        restarted = message.header.epoch != epoch
        self.missing += lost
        self._seen[message.topic] = (message.header.epoch, message.header.seq)
        return message._replace(gap=lost > 0 or restarted)
