# SPDX-License-Identifier: Apache-2.0
"""Client of a live twin: its state, forecasts, fields and alarms, complete and never older than they look.

    twin = jouletwin.Twin("tcp://127.0.0.1:5703")
    for message in twin.poll(1.0):
        print(message.topic, message.data)

Needs pyzmq and numpy. Messages are described in bridge/wire/frame.hpp and payload.hpp: names are those there, units SI, times
Unix time in nanoseconds of the sender's clock. One thread; every call ends within its timeout.
"""
import collections
import json
import os
import re
import stat
import struct
import time
import uuid

import numpy as np
import zmq

MAJOR = 1
_HEADER = struct.Struct("<4sHHQQqqI")  # magic, version, type, seq, epoch, t_source_ns, t_send_ns, quality
_TYPES = ("", "reading", "heater_status", "state", "forecast", "field", "alarm", "status", "heartbeat", "command",
          "command_result", "hello", "time", "snapshot", "text", "refusal")
QUALITIES = ("good", "uncertain", "predicted", "stale", "bad")
_MOST_BYTES = (256 << 20) + 16384  # of a part: a field of 2^26 cells


class Error(Exception):
    """What went wrong, in a sentence."""


class Refused(Error):
    """The other side refuses."""


class Rejected(Error):
    """A frame that cannot be taken; `reason` is its counter."""

    def __init__(self, reason, detail):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Field:
    """values[x, y, z], NaN where there is no such thing; voxel in metres; run_s in seconds of the run."""

    def __init__(self, about, values):
        self.quantity, self.run, self.run_s = about["quantity"], about["run"], about["run_s"]
        self.voxel, self.values = about["voxel"], values


class Message:
    """topic, type, data (a dict, or a Field), seq, epoch, t_source_ns, quality as sent. `lost`: frames of the topic are
    missing before it."""

    def __init__(self, topic, kind, data, seq, epoch, t_source_ns, t_send_ns, quality, valid_until_ns, now_ns):
        self.topic, self.type, self.data, self.seq, self.epoch = topic, kind, data, seq, epoch
        self.t_source_ns, self.t_send_ns, self.quality, self.valid_until_ns = t_source_ns, t_send_ns, quality, valid_until_ns
        self.lost = False
        self._came = time.monotonic()
        self._clock_ahead_ns = 0
        self.t_receive_ns = now_ns

    def age_s(self):
        """Age of what is told: by the sender's clock, and never less than the time since it came."""
        return max(0.0, time.monotonic() - self._came, (time.time_ns() + self._clock_ahead_ns - self.t_source_ns) * 1e-9)

    def stale(self):
        """Whether valid_until is over."""
        if not self.valid_until_ns:
            return False
        meant_s = (self.valid_until_ns - self.t_send_ns) * 1e-9
        return time.time_ns() + self._clock_ahead_ns > self.valid_until_ns or time.monotonic() - self._came > meant_s


def _finite(value):
    raise ValueError(f"{value} is no number of JSON")


def _object(payload):
    try:
        data = json.loads(payload.decode("utf-8"), parse_constant=_finite)
    except (ValueError, RecursionError) as error:
        raise Rejected("not_json", str(error)) from None
    if not isinstance(data, dict):
        raise Rejected("wrong_type", "the payload is no object")
    return data


def _field(payload):
    length = int.from_bytes(payload[:4], "little")
    if len(payload) < 4 or length > len(payload) - 4:
        raise Rejected("shape", "the JSON of a field is longer than its payload")
    about = _object(payload[4 : 4 + length])
    try:
        cells = [int(n) for n in about["cells"]]
        about["quantity"], about["run"], about["run_s"], about["voxel"] = (
            str(about["quantity"]), int(about["run"]), float(about["run_s"]), [float(h) for h in about["voxel"]])
    except KeyError as error:
        raise Rejected("missing_field", f"{error} is missing") from None
    except (TypeError, ValueError, OverflowError) as error:
        raise Rejected("wrong_type", str(error)) from None
    count = 1
    for n in cells:
        count *= n
    raw = payload[4 + length :]
    if len(cells) != 3 or min(cells) < 1 or len(raw) != 4 * count or len(about["voxel"]) != 3:
        raise Rejected("shape", f"{len(raw)} bytes of values for cells {cells}")
    values = np.frombuffer(raw, dtype="<f4").reshape(cells, order="F")  # x fastest
    return about, values


def decode(parts):
    """A Message from topic, header, payload. Raises Rejected."""
    if len(parts) != 3:
        raise Rejected("parts", f"{len(parts)} parts; allowed: 3")
    topic, header, payload = parts
    if not 1 <= len(topic) <= 128 or any(not 0x20 < c < 0x7F for c in topic):
        raise Rejected("topic", "empty, too long or not printable")
    if len(header) != _HEADER.size:
        raise Rejected("header", f"{len(header)} bytes; allowed: {_HEADER.size}")
    magic, version, kind, seq, epoch, source, send, quality = _HEADER.unpack(header)
    if magic != b"JTWP":
        raise Rejected("header", "does not begin with JTWP")
    if version >> 8 != MAJOR:
        raise Rejected("version", f"the twin speaks version {version >> 8}.{version & 255} of the protocol, this client "
                                  f"version {MAJOR}: update the older one")
    if not 0 < kind < len(_TYPES):
        raise Rejected("type", f"type {kind} is unknown")
    if quality >= len(QUALITIES) or source < 0 or send < 0:
        raise Rejected("header", "unknown quality or a time before 1970")
    name, until = _TYPES[kind], 0
    if name in ("text", "refusal"):
        data = payload.decode("utf-8", "replace")
    elif name == "snapshot":
        data = ""
    elif name == "field":
        about, values = _field(payload)
        until, data = about.get("valid_until", 0), Field(about, values)
    else:
        data = _object(payload)
        until = data.get("valid_until", 0)
    if not isinstance(until, int) or until < 0:
        raise Rejected("wrong_type", "valid_until is no time")
    return Message(topic.decode(), name, data, seq, epoch, source, send, QUALITIES[quality], until, time.time_ns())


class _Numbers:
    """What the numbers of the frames say."""

    WINDOW = 1024

    def __init__(self, counters):
        self.counters, self.topics, self.epoch = counters, {}, 0

    def take(self, message, joining=False):
        """New: True, after a gap "gap"; False: seen, or of a life of the sender that is over. While joining there are no
        gaps: a snapshot follows."""
        epoch, seq = message.epoch, message.seq
        if seq == 0:
            self.counters["rejected.header"] += 1
            return False
        known = self.topics.get(message.topic)
        if known is None or epoch > known[0]:
            self.topics[message.topic] = [epoch, seq, {seq}]
            self._life(epoch)
            return True if known is None or seq == 1 or joining else self._gap(seq - 1)
        if epoch < known[0]:
            self.counters["rejected.old_epoch"] += 1
            return False
        newest, seen = known[1], known[2]
        if seq in seen or seq + self.WINDOW <= newest:
            self.counters["rejected.repeated"] += 1
            return False
        seen.add(seq)
        if seq < newest:
            self.counters["missing"] -= 1
            return False  # what is newer has been shown
        known[1] = seq
        if len(seen) > 2 * self.WINDOW:
            known[2] = {n for n in seen if n + self.WINDOW > seq}
        return True if seq == newest + 1 or joining else self._gap(seq - newest - 1)

    def newest(self, topic):
        known = self.topics.get(topic)
        return (known[0], known[1]) if known else (0, 0)

    def start_after(self, topic, epoch, seq):
        """Up to `seq` nothing is missing: a snapshot holds what there was."""
        known = self.topics.get(topic)
        if known is None or epoch > known[0]:
            self._life(epoch)
            self.topics[topic] = [epoch, seq, set(range(max(1, seq - self.WINDOW), seq + 1))]
        elif epoch == known[0] and seq > known[1]:
            known[2].update(range(max(known[1] + 1, seq - self.WINDOW), seq + 1))
            known[1] = seq

    def _life(self, epoch):
        """One restart is seen in many topics."""
        if epoch > self.epoch:
            if self.epoch:
                self.counters["restarts"] += 1
            self.epoch = epoch

    def _gap(self, lost):
        self.counters["missing"] += lost
        self.counters["gaps"] += 1
        return "gap"


def _key(path, name, secret=False):
    info = os.stat(path)
    if secret and stat.S_IMODE(info.st_mode) & 0o077:
        raise Error(f"{path}: others than its owner may read this secret; allowed: mode 0600")
    with open(path, encoding="utf-8") as file:
        found = re.search(rf'^\s*{name}\s*=\s*"([^"\s]{{40}})"', file.read(), re.MULTILINE)
    if not found:
        raise Error(f"{path}: holds no {name} key; allowed: a file of jouletwin keygen")
    return found.group(1).encode()


class Twin:
    """A live twin, found by the address of its requests. It may come later, go and come again: poll() joins anew.

    topics: beginnings of topics; [""] is all, ["state", "forecast"] leaves the fields out.
    key, server_key: files of `jouletwin keygen`: this client's NAME.key and the twin's NAME.pub.
    silence_s: a twin that says nothing for so long is looked for anew; it says something every second."""

    def __init__(self, requests="tcp://127.0.0.1:5703", topics=("",), key=None, server_key=None, silence_s=3.0):
        if (key is None) != (server_key is None):
            raise Error("key and server_key belong together")
        self.requests, self.topics = requests, [t.encode() for t in topics]
        self.hello = None  # of the twin: endpoints, epoch, schema, role
        self.latest = {}  # Message by topic; of alarms the active ones, by "alarm/ID"
        self.counters = collections.Counter()
        self._silence_s = silence_s
        self._keys = None
        if key is not None:
            self._keys = _key(server_key, "public"), _key(key, "public"), _key(key, "secret", True)
        self._context = zmq.Context()
        self._deltas = None
        self._number = 0
        self._epoch = time.time_ns()
        self._numbers = _Numbers(self.counters)
        self._ahead = None  # (delay, twin's clock minus ours) of the quickest exchange
        self._heard = None
        self._snapshot_due = False
        self._proved = False
        self._ask = self._socket(zmq.DEALER)
        self._ask.setsockopt(zmq.IMMEDIATE, 1)
        try:
            self._ask.connect(requests)
        except zmq.ZMQError as error:
            self.close()
            raise Error(f"{requests}: {error}") from None

    def _socket(self, kind):
        socket = self._context.socket(kind)
        for option, value in ((zmq.LINGER, 0), (zmq.MAXMSGSIZE, _MOST_BYTES), (zmq.HEARTBEAT_IVL, 1000),
                              (zmq.HEARTBEAT_TIMEOUT, 4000), (zmq.HEARTBEAT_TTL, 4000), (zmq.RECONNECT_IVL, 50),
                              (zmq.RECONNECT_IVL_MAX, 2000), (zmq.SNDHWM, 1000), (zmq.RCVHWM, 1000)):
            socket.setsockopt(option, value)
        if self._keys:
            socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = self._keys
        return socket

    def close(self):
        """Ends at once; what was not sent is dropped."""
        self._context.destroy(linger=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- requests

    def _request(self, topic, payload=b"", kind="refusal", timeout_s=2.0):
        """The parts that answer; raises Error (nobody there, too late) or Refused."""
        end = time.monotonic() + timeout_s
        self._number += 1
        now = time.time_ns()
        header = _HEADER.pack(b"JTWP", MAJOR << 8, _TYPES.index(kind), self._number, self._epoch, now, now, 0)
        if not self._ask.poll(max(0, int(1000 * timeout_s)), zmq.POLLOUT):
            raise Error(f"nobody there at {self.requests}")
        self._ask.send_multipart([topic.encode(), header, payload])
        while True:
            left = end - time.monotonic()
            if left < 0 or not self._ask.poll(max(1, int(1000 * left))):
                raise Error(f"no answer within {timeout_s:g} s from {self.requests}")
            parts = self._ask.recv_multipart()
            came = time.time_ns()
            try:
                reply = decode(parts[:3])
            except Rejected as why:
                self.counters["rejected." + why.reason] += 1
                if why.reason == "version":
                    raise
                continue
            if reply.seq != self._number:
                continue  # to a question that was given up
            if reply.type == "refusal":
                raise Refused(reply.data)
            return reply, parts[3:], came

    def ask_hello(self, timeout_s=2.0):
        reply, _, _ = self._request("hello", timeout_s=timeout_s)
        self.hello = reply.data
        return reply.data

    def text(self, name, payload="", timeout_s=10.0):
        """Texts by name: "scenario" (TOML), "history" (JSON)."""
        return self._request(name, payload.encode(), timeout_s=timeout_s)[0].data

    def history(self, timeout_s=10.0):
        """The run so far: {"run_s": [...], "scalars": {NAME: {"value", "sd", "low", "high": lists, None where there was none}}}.

        NAME: the scalars of a state, "nis", and "reading.SENSOR" and "innovation.SENSOR" of accepted readings.
        """
        return json.loads(self.text("history", timeout_s=timeout_s))

    def compare_clocks(self, timeout_s=2.0):
        """(twin's clock minus ours, +-) in seconds, by the quickest exchange so far."""
        asked = time.time_ns()
        reply, _, came = self._request("time", timeout_s=timeout_s)
        there = reply.data
        received, sent = there["t_received_ns"], there["t_sent_ns"]
        delay, ahead = (came - asked) - (sent - received), ((received - asked) + (sent - came)) // 2
        if delay >= 0 and (self._ahead is None or delay <= self._ahead[0]):
            self._ahead = delay, ahead
        if self._ahead is None:
            raise Error("the stamps of the twin cannot be")
        return self._ahead[1] * 1e-9, self._ahead[0] * 0.5e-9

    # ---- what is published

    def _join(self, timeout_s):
        end = time.monotonic() + timeout_s
        hello = self.ask_hello(timeout_s)
        try:
            self.compare_clocks(max(0.01, end - time.monotonic()))
        except Error:
            pass  # ages go by this machine's clock alone
        address = hello.get("endpoints", {}).get("predictions")
        if not isinstance(address, str):
            raise Error(f"{self.requests} publishes nothing")
        host = re.match(r"tcp://(.*):\d+$", self.requests)
        if host:
            address = re.sub(r"^tcp://(0\.0\.0\.0|\[::\]):", "tcp://" + host.group(1) + ":", address)
        if self._deltas is not None:
            self._deltas.close(0)
        self._deltas = self._socket(zmq.SUB)
        for topic in self.topics:
            self._deltas.setsockopt(zmq.SUBSCRIBE, topic)
        self._deltas.connect(address)
        self._snapshot_due, self._proved, self._heard = True, False, time.monotonic()

    def _snapshot(self, timeout_s):
        _, parts, _ = self._request("snapshot", b"\n".join(self.topics) if b"" not in self.topics else b"", timeout_s=timeout_s)
        self._snapshot_due = False
        known = [message for message in self._decoded(parts[n : n + 3] for n in range(0, len(parts), 3))
                 if (message.epoch, message.seq) > self._numbers.newest(message.topic)]
        known.sort(key=lambda message: message.seq)  # of alarms there are several with one topic
        for message in known:
            self._numbers.start_after(message.topic, message.epoch, message.seq)
            self._keep(message)
        return known

    def _decoded(self, frames):
        for parts in frames:
            self.counters["received"] += 1
            try:
                message = decode(parts)
            except Rejected as why:
                self.counters["rejected." + why.reason] += 1
                continue
            if self._ahead is not None:
                message._clock_ahead_ns = self._ahead[1]
            yield message

    def _keep(self, message):
        name = message.topic
        if message.type == "alarm":
            name = "alarm/" + str(message.data.get("id"))
        self.latest[name] = message
        if message.type == "alarm" and not message.data.get("active"):
            del self.latest[name]

    def _take(self, frames, joining):
        messages = []
        for message in self._decoded(frames):
            new = self._numbers.take(message, joining)
            if not new:
                continue
            message.lost = new == "gap"
            self._keep(message)
            messages.append(message)
        return messages

    def poll(self, timeout_s=1.0):
        """New messages, in order. Joins where that is needed; raises Error where the twin does not answer."""
        end = time.monotonic() + timeout_s
        if self._deltas is None or time.monotonic() - self._heard > self._silence_s:
            self._join(max(0.25, timeout_s))
        messages = []
        if self._snapshot_due:
            messages += self._snapshot(max(0.25, end - time.monotonic()))
        wait = 0 if messages else max(0, int(1000 * (end - time.monotonic())))
        frames = []
        if self._deltas.poll(wait):
            while len(frames) < 1000 and self._deltas.poll(0):
                frames.append(self._deltas.recv_multipart())
        if frames:
            self._heard = time.monotonic()
        before = self.counters["gaps"], self.counters["restarts"]
        messages += self._take(frames, not self._proved)
        # What was published between the snapshot and the moment the subscription worked is in a second snapshot.
        if frames and not self._proved:
            self._proved = self._snapshot_due = True
        if (self.counters["gaps"], self.counters["restarts"]) != before:
            self._snapshot_due = True
        return messages

    def silence_s(self):
        """Since the last frame came; None: none has."""
        return None if self._heard is None else time.monotonic() - self._heard


def send_command(address, verb, payload="", epoch=0, deadline_s=2.0, timeout_s=2.0, key=None, server_key=None,
                 clock_ahead_s=0.0):
    """Asks the heater at `address` for start | hold | resume | abort | program; returns its answer, a dict with accepted and
    reason. Asked again with the same id where no answer comes: it is done once. clock_ahead_s: heater's clock minus ours."""
    deadline = time.time_ns() + int((deadline_s + clock_ahead_s) * 1e9)
    body = json.dumps({"id": str(uuid.uuid4()), "epoch": epoch, "deadline": deadline, "verb": verb, "payload": payload})
    end = time.monotonic() + timeout_s
    with Twin(address, key=key, server_key=server_key) as heater:
        while True:
            try:
                return heater._request("command", body.encode(), "command", min(0.5, max(0.01, end - time.monotonic())))[0].data
            except Refused:
                raise
            except Error:
                if time.monotonic() >= end:
                    raise
