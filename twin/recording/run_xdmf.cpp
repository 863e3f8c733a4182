// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/run_xdmf.hpp"

#include <spdlog/fmt/fmt.h>

namespace jt {
namespace {

std::string attribute(const std::string& h5, const Extents& e, const std::string& name, const char* type, std::size_t room,
                      std::size_t step) {
    const std::string cells = fmt::format("{} {} {}", e.nz, e.ny, e.nx);
    return fmt::format(
        "        <Attribute Name=\"{0}\" AttributeType=\"Scalar\" Center=\"Cell\">\n"
        "          <DataItem ItemType=\"HyperSlab\" Dimensions=\"{1}\">\n"
        "            <DataItem Dimensions=\"3 4\" NumberType=\"Int\" Format=\"XML\">{2} 0 0 0 1 1 1 1 1 {1}</DataItem>\n"
        "            <DataItem Dimensions=\"{3} {1}\" {4} Format=\"HDF\">{5}:/VTKHDF/CellData/{0}</DataItem>\n"
        "          </DataItem>\n"
        "        </Attribute>\n",
        name, cells, step, room, type, h5);
}

}  // namespace

std::string run_xdmf(const std::string& h5_name, const Extents& e, const std::vector<std::string>& fields, std::size_t room,
                     const std::vector<double>& times) {
    std::string out =
        "<?xml version=\"1.0\"?>\n<Xdmf Version=\"3.0\">\n  <Domain>\n"
        "    <Grid Name=\"run\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
    for (std::size_t n = 0; n < times.size(); ++n) {
        out += fmt::format(
            "      <Grid Name=\"bed\" GridType=\"Uniform\">\n"
            "        <Time Value=\"{}\"/>\n"
            "        <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"{} {} {}\"/>\n"
            "        <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n"
            "          <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">0 0 0</DataItem>\n"
            "          <DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">{} {} {}</DataItem>\n"
            "        </Geometry>\n",
            times[n], e.nz + 1, e.ny + 1, e.nx + 1, e.hz, e.hy, e.hx);
        for (const auto& field : fields) out += attribute(h5_name, e, field, "NumberType=\"Float\" Precision=\"4\"", room, n);
        out += attribute(h5_name, e, "material", "NumberType=\"UChar\" Precision=\"1\"", 1, 0);
        out += "      </Grid>\n";
    }
    return out + "    </Grid>\n  </Domain>\n</Xdmf>\n";
}

}  // namespace jt
