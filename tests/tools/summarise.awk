# SPDX-License-Identifier: Apache-2.0
# Reads ctest's JUnit file. Prints skipped tests with their reason, failed ones with their output, and last the line
# "N passed, N failed, N skipped". A test may be skipped only for want of a GPU or of data, and its reason says so; any other
# skip counts as failed. Exit 1 if one failed or none ran.
function plain(text) {
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text); gsub(/&#x[0-9A-Fa-f]+;/, "", text)
    gsub(/&amp;/, "\\&", text)
    return text
}
function attribute(line, name,    at) {
    at = index(line, " " name "=\"")
    if (!at) return ""
    line = substr(line, at + length(name) + 3)
    return plain(substr(line, 1, index(line, "\"") - 1))
}
/<testcase / { name = attribute($0, "name"); sub(/ +# GetParam.*/, "", name); status = attribute($0, "status"); lines = 0; reason = ""; in_reason = 0 }
/<system-out>/ { in_output = 1; sub(/.*<system-out>/, "") }
in_output {
    text = plain($0)
    sub(/<\/system-out>.*/, "", text)
    output[lines++] = text
    if (text ~ /^\[  SKIPPED \]/) in_reason = 0
    if (in_reason && text != "") reason = reason (reason == "" ? "" : " ") text
    if (text ~ /: Skipped$/) in_reason = 1
}
/<\/system-out>/ { in_output = 0 }
/<\/testcase>/ {
    if (status == "run") ++passed
    else if (status == "notrun" && tolower(reason) ~ /gpu|cuda|data/) { ++skipped; print "skipped: " name ": " reason }
    else {
        ++failed
        if (status == "notrun") print "FAILED: " name ": skipped, but neither for a GPU nor for data: " reason
        else {
            print "FAILED: " name
            for (n = lines > 25 ? lines - 25 : 0; n < lines; ++n) print "    " output[n]
        }
    }
}
END {
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0 || passed == 0
}
