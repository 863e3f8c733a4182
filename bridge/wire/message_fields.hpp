// SPDX-License-Identifier: Apache-2.0
// The names of the members of all messages, once: writer, reader and hash of the schema go by these lists.
//     v.must(name, member)     has to be there; may() keeps its default where it is not
//     v.not_negative(...)      must() of a number that is >= 0
// A std::optional may always be absent or null.
#pragma once
#include <concepts>
#include <type_traits>

#include "bridge/wire/payload.hpp"

namespace jt::wire {

template <class M, class T>
concept like = std::same_as<std::remove_const_t<M>, T>;

template <class V, like<Reading> M>
void members(V& v, M& m) {
    v.must("sensor", m.sensor);
    v.may("value", m.value);
    v.must("unit", m.unit);
    v.not_negative("sigma", m.sigma);
    v.must("quality", m.quality);
    v.must("t_source", m.t_source_ns);
    v.must("seq", m.seq);
    v.must("epoch", m.epoch);
}

template <class V, like<CommandResult> M>
void members(V& v, M& m) {
    v.must("id", m.id);
    v.must("verb", m.verb);
    v.must("accepted", m.accepted);
    v.must("reason", m.reason);
    v.must("t_ns", m.t_ns);
}

template <class V, like<HeaterStatus> M>
void members(V& v, M& m) {
    v.must("phase", m.phase);
    v.must("run", m.run);
    v.must("start_ns", m.start_ns);
    v.must("run_s", m.run_s);
    v.must("program_s", m.program_s);
    v.may("setpoint_K", m.setpoint_K);
    v.must("program", m.program);
    v.may("last_command", m.last_command);
    v.must("message", m.message);
    v.must("watchdog", m.watchdog);
    v.must("counters", m.counters);
}

template <class V, like<Command> M>
void members(V& v, M& m) {
    v.must("id", m.id);
    v.must("epoch", m.epoch);
    v.must("deadline", m.deadline_ns);
    v.must("verb", m.verb);
    v.may("payload", m.payload);
}

template <class V, like<Estimate> M>
void members(V& v, M& m) {
    v.must("value", m.value);
    v.not_negative("sd", m.sd);
    v.must("low", m.low);
    v.must("high", m.high);
    v.must("quality", m.quality);
}

template <class V, like<SensorState> M>
void members(V& v, M& m) {
    v.must("name", m.name);
    v.must("kind", m.kind);
    v.must("unit", m.unit);
    v.may("reading", m.reading);
    v.may("predicted", m.predicted);
    v.may("innovation", m.innovation);
    v.may("sigma", m.sigma);
    v.must("verdict", m.verdict);
    v.must("age_s", m.age_s);
    v.must("bias", m.bias);
    v.must("nis", m.nis);
    v.must("autocorrelation", m.autocorrelation);
    v.must("counters", m.counters);
}

template <class V, like<ParameterState> M>
void members(V& v, M& m) {
    v.must("name", m.name);
    v.must("unit", m.unit);
    v.must("prior", m.prior);
    v.not_negative("prior_sd", m.prior_sd);
    v.must("posterior", m.posterior);
    v.must("identified", m.identified);
    v.must("note", m.note);
}

template <class V, like<TwinState> M>
void members(V& v, M& m) {
    v.must("run", m.run);
    v.must("run_s", m.run_s);
    v.must("valid_until", m.valid_until_ns);
    v.must("quality", m.quality);
    v.must("message", m.message);
    v.must("scalars", m.scalars);
    v.must("sensors", m.sensors);
    v.must("parameters", m.parameters);
    v.must("nis", m.nis);
    v.must("nis_low", m.nis_low);
    v.must("nis_high", m.nis_high);
    v.must("misfit", m.misfit);
    v.not_negative("members", m.members);
    v.not_negative("degradation", m.degradation);
    v.must("latency_s", m.latency_s);
    v.must("realtime_factor", m.realtime_factor);
}

template <class V, like<ForecastPoint> M>
void members(V& v, M& m) {
    v.must("run_s", m.run_s);
    v.must("bands", m.bands);
}

template <class V, like<LimitForecast> M>
void members(V& v, M& m) {
    v.must("quantity", m.quantity);
    v.must("what", m.what);
    v.must("limit", m.limit);
    v.not_negative("probability", m.probability);
    v.may("time_to_s", m.time_to_s);
}

template <class V, like<Forecast> M>
void members(V& v, M& m) {
    v.must("run", m.run);
    v.must("from_s", m.from_s);
    v.must("to_s", m.to_s);
    v.must("valid_until", m.valid_until_ns);
    v.must("quality", m.quality);
    v.must("points", m.points);
    v.must("end_of_run", m.end_of_run);
    v.must("limits", m.limits);
    v.must("skill", m.skill);
    v.must("coverage", m.coverage);
}

// The values follow the JSON.
template <class V, like<FieldMessage> M>
void members(V& v, M& m) {
    v.must("quantity", m.quantity);
    v.must("run", m.run);
    v.must("run_s", m.run_s);
    v.must("cells", m.cells);
    v.must("voxel", m.voxel);
}

template <class V, like<AlarmMessage> M>
void members(V& v, M& m) {
    v.must("id", m.id);
    v.must("text", m.text);
    v.must("action", m.action);
    v.must("priority", m.priority);
    v.must("active", m.active);
    v.must("run_s", m.run_s);
}

template <class V, like<TwinStatus> M>
void members(V& v, M& m) {
    v.must("heater", m.heater);
    v.must("heater_heard", m.heater_heard);
    v.must("heater_age_s", m.heater_age_s);
    v.must("counters", m.counters);
    v.must("version", m.version);
    v.must("device", m.device);
    v.must("scenario_title", m.scenario_title);
}

template <class V, like<Heartbeat> M>
void members(V& v, M& m) {
    v.must("uptime_s", m.uptime_s);
    v.must("role", m.role);
    v.must("state", m.state);
}

template <class V, like<Hello> M>
void members(V& v, M& m) {
    v.must("major", m.major);
    v.must("minor", m.minor);
    v.must("schema", m.schema);
    v.must("epoch", m.epoch);
    v.must("role", m.role);
    v.must("program", m.program);
    v.may("title", m.title);
    v.must("endpoints", m.endpoints);
    v.may("fields", m.fields);
}

template <class V, like<TimeReply> M>
void members(V& v, M& m) {
    v.must("t_asked_ns", m.t_asked_ns);
    v.must("t_received_ns", m.t_received_ns);
    v.must("t_sent_ns", m.t_sent_ns);
}

}  // namespace jt::wire
