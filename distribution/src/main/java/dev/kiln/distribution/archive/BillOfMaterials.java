package dev.kiln.distribution.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the archive is made of, in the format of CycloneDX: the bills of the platform and of each
 * plugin in one, and the Java that comes along. Two versions of a library are two components.
 */
final class BillOfMaterials {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode product = JSON.createObjectNode();
    private final SortedMap<String, ObjectNode> components = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> dependencies = new TreeMap<>();
    private final SortedMap<String, String> licences = new TreeMap<>();

    private BillOfMaterials() {}

    /**
     * Merges bills.
     *
     * @param bills that of the platform, whose subject is Kiln, then those of plugins
     * @param natives what is in jars besides
     * @param java the version of the Java that comes along
     */
    static BillOfMaterials of(
            List<Path> bills, List<NativeLibraries.Library> natives, String java, String vendor)
            throws IOException {
        BillOfMaterials all = new BillOfMaterials();
        for (Path bill : bills) {
            if (!Files.exists(bill)) {
                throw new IllegalStateException(
                        "no "
                                + bill
                                + ": the CycloneDX plugin writes none when Maven is offline (-o)");
            }
            all.add(JSON.readTree(bill.toFile()), bill.equals(bills.getFirst()));
        }
        natives.forEach(all::addNative);
        all.addJava(java, vendor);
        return all;
    }

    private void add(JsonNode bill, boolean first) {
        JsonNode subject = bill.at("/metadata/component");
        if (first) {
            product.put("type", "application")
                    .put("bom-ref", subject.path("bom-ref").asText())
                    .put("name", "kiln")
                    .put("version", subject.path("version").asText());
        } else {
            add(subject);
            dependsOn(product.path("bom-ref").asText(), subject.path("bom-ref").asText());
        }
        bill.path("components").forEach(this::add);
        for (JsonNode dependency : bill.path("dependencies")) {
            String ref = dependency.path("ref").asText();
            dependencies.computeIfAbsent(ref, key -> new TreeSet<>());
            dependency.path("dependsOn").forEach(other -> dependsOn(ref, other.asText()));
        }
    }

    private void add(JsonNode component) {
        ObjectNode own = component.deepCopy();
        for (JsonNode choice : own.path("licenses")) {
            if (choice.path("license") instanceof ObjectNode licence) {
                keepText(licence.path("id").asText(), licence.remove("text"));
            }
        }
        components.putIfAbsent(own.path("bom-ref").asText(), own);
    }

    private void keepText(String id, JsonNode text) {
        if (text == null || id.isEmpty()) {
            return;
        }
        String content = new String(Base64.getMimeDecoder().decode(text.path("content").asText()));
        if (!content.startsWith("404")) { // where the source of texts has none
            licences.putIfAbsent(id, content.strip() + "\n");
        }
    }

    private void dependsOn(String from, String to) {
        dependencies.computeIfAbsent(from, key -> new TreeSet<>()).add(to);
    }

    private void addNative(NativeLibraries.Library library) {
        String ref = library.jar() + "#" + library.file();
        ObjectNode component = JSON.createObjectNode();
        component
                .put("type", "library")
                .put("bom-ref", ref)
                .put("name", library.file())
                .put("description", "in " + library.jar() + ".jar");
        component.putArray("licenses").addObject().put("expression", library.licence());
        add(component);
        dependsOn(product.path("bom-ref").asText(), ref);
    }

    private void addJava(String version, String vendor) {
        ObjectNode java = JSON.createObjectNode();
        java.put("type", "platform")
                .put("bom-ref", "java@" + version)
                .put("publisher", vendor)
                .put("name", "OpenJDK runtime")
                .put("version", version);
        java.putArray("licenses")
                .addObject()
                .putObject("license")
                .put("id", "GPL-2.0-with-classpath-exception");
        add(java);
        dependsOn(product.path("bom-ref").asText(), "java@" + version);
    }

    /** Writes the bill, a list for readers, and the text of each licence. */
    void write(Path folder) throws IOException {
        Path texts = Files.createDirectories(folder.resolve("licences"));
        for (Map.Entry<String, String> licence : licences.entrySet()) {
            Files.writeString(texts.resolve(licence.getKey() + ".txt"), licence.getValue());
        }
        List<String> lines = new ArrayList<>();
        components.values().forEach(component -> lines.add(line(component)));
        Files.write(texts.resolve("LIST.txt"), new TreeSet<>(lines));
        Files.writeString(folder.resolve("sbom.cdx.json"), JSON.writeValueAsString(bill()) + "\n");
    }

    private static String line(JsonNode component) {
        List<String> names = new ArrayList<>();
        for (JsonNode choice : component.path("licenses")) {
            JsonNode licence = choice.path("license");
            names.add(
                    choice.has("expression")
                            ? choice.path("expression").asText()
                            : licence.path("id").asText(licence.path("name").asText()));
        }
        String licence = names.isEmpty() ? "see its folder" : String.join(" or ", names);
        String version = component.path("version").asText(component.path("description").asText());
        return String.format(
                Locale.ROOT, "%s %s: %s", component.path("name").asText(), version, licence);
    }

    private ObjectNode bill() {
        ObjectNode bill = JSON.createObjectNode();
        bill.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
        bill.putObject("metadata").set("component", product);
        bill.putArray("components").addAll(components.values());
        ArrayNode edges = bill.putArray("dependencies");
        dependencies.forEach(
                (ref, others) -> {
                    ArrayNode to = edges.addObject().put("ref", ref).putArray("dependsOn");
                    others.forEach(to::add);
                });
        return bill;
    }
}
