#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The layers: kernels <- twin <- viz, twin <- bridge; twin/cli is the program and may include all of them.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
bad=0

complain() {  # complain RULE: what was found is on standard input
    local found
    found=$(cat)
    [ -z "$found" ] && return
    printf '%s\n  rule: %s\n' "$found" "$1" >&2
    bad=1
}
includes() { grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]' "$1" 2>/dev/null | grep -v '^twin/cli/'; }

# layer FOLDER ALLOWED: what each #include "..." below FOLDER may begin with
layer() {
    complain "$1 includes only $2" < <(includes "$1" | grep '"' | grep -vE "include[[:space:]]*\"($2)")
    complain "nothing but the program includes twin/cli" < <(includes "$1" | grep '"twin/cli/')
}
layer kernels 'kernels/'
layer twin 'kernels/|twin/'
layer viz 'viz/|twin/|kernels/(error|extents)\.hpp"'
layer bridge 'bridge/|twin/|kernels/(error|extents)\.hpp"'

complain "pictures and reports know nothing of the screen" < <(
    for folder in viz/figure viz/report; do includes $folder; done | grep '"viz/screen/')
complain "only viz/screen/gl knows OpenGL, ImGui and GLFW" < <(includes viz | grep -v '^viz/screen/gl/' |
    grep -E '[<"](epoxy/|EGL/|GL/|GLFW/|imgui|backends/imgui|stb/|viz/screen/gl/)')
complain "kernels open no files, start no threads, know no sockets" < <(includes kernels |
    grep -E '<(iostream|cstdio|stdio\.h|filesystem|thread|future|mutex|condition_variable|sys/socket\.h|zmq\.h.*)>')
# The linker takes one of two types of a name without a word; at -O0 even its constructor.
complain "a type's name stands once in the headers of all layers (namespace jt has one definition of each)" < <(
    grep -rhoE '^(struct|class|enum class) [A-Z][A-Za-z0-9]*( final)?( :[^:].*)? \{' --include=*.hpp kernels twin bridge viz |
        sed -E 's/^(struct|class|enum class) ([A-Za-z0-9]+).*/\2/' | sort | uniq -d)
complain "the top level holds only what the design names" < <(git ls-files 2>/dev/null |
    grep -vE '^(CMakeLists\.txt|CMakePresets\.json|README\.md|LICENSE|dev|\.[^/]+)$|^(twin|kernels|viz|bridge|data|tests|\.[^/]+)/')
exit $bad
