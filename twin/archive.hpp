// SPDX-License-Identifier: Apache-2.0
// Archive: one description of an object's state serves to save it and to load it, bit for bit. What is archived by name:
// numbers, flags, times, lists, optional values, fields of the device. Loading a state that lacks a name is an InputError.
#pragma once
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/buffer.hpp"
#include "kernels/error.hpp"

namespace jt {

using ArchiveMap = std::map<std::string, std::vector<double>>;

class Archive {
public:
    Archive(ArchiveMap& map, bool saving) : map_(&map), saving_(saving) {}
    bool saving() const { return saving_; }

    // Everything archived by `body` gets the name in front.
    template <class Body>
    void scope(const std::string& name, Body body) {
        const std::string before = prefix_;
        prefix_ += name + ".";
        body(*this);
        prefix_ = before;
    }

    void operator()(const std::string& name, std::vector<double>& values) {
        if (saving_)
            (*map_)[prefix_ + name] = values;
        else
            values = at(name);
    }
    template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void operator()(const std::string& name, T& value) {
        std::vector<double> one;
        if constexpr (std::is_same_v<T, std::uint64_t>)  // 64 bits do not fit into one number
            one = {double(value >> 32), double(value & 0xffffffffu)};
        else
            one = {double(value)};
        (*this)(name, one);
        if (saving_) return;
        expect(name, one, std::is_same_v<T, std::uint64_t> ? 2 : 1);
        if constexpr (std::is_same_v<T, std::uint64_t>)
            value = std::uint64_t(one[0]) << 32 | std::uint64_t(one[1]);
        else
            value = T(one[0]);
    }
    void operator()(const std::string& name, std::optional<double>& value) {
        std::vector<double> some;
        if (value) some.push_back(*value);
        (*this)(name, some);
        if (!saving_) value = some.empty() ? std::nullopt : std::optional(some.front());
    }
    void operator()(const std::string& name, std::deque<std::pair<double, double>>& pairs) {
        std::vector<double> flat;
        for (const auto& [a, b] : pairs) flat.insert(flat.end(), {a, b});
        (*this)(name, flat);
        if (saving_) return;
        pairs.clear();
        for (std::size_t n = 0; n + 1 < flat.size(); n += 2) pairs.emplace_back(flat[n], flat[n + 1]);
    }
    void operator()(const std::string& name, Backend& backend, Buffer<double>& field) {
        std::vector<double> values;
        if (saving_) values = field.download();
        (*this)(name, values);
        if (saving_) return;
        expect(name, values, std::size_t(field.count()));
        backend.upload(field.get(), values.data(), field.bytes());
        backend.synchronise();
    }

private:
    const std::vector<double>& at(const std::string& name) const {
        const auto found = map_->find(prefix_ + name);
        if (found == map_->end()) throw InputError("checkpoint: \"" + prefix_ + name + "\" is missing");
        return found->second;
    }
    void expect(const std::string& name, const std::vector<double>& values, std::size_t count) const {
        if (values.size() != count)
            throw InputError("checkpoint: \"" + prefix_ + name + "\" holds " + std::to_string(values.size()) +
                             " numbers; allowed: " + std::to_string(count));
    }
    ArchiveMap* map_;
    bool saving_;
    std::string prefix_;
};

}  // namespace jt
