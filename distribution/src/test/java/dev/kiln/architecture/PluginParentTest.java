package dev.kiln.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The parent of others' plugins has Kiln's own versions, though it has no parent to take them from. */
class PluginParentTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");

    @Test
    void itsVersionsAreThoseOfTheRoot() throws Exception {
        Map<String, String> root = versions("pom.xml");
        Map<String, String> parent = versions("api/plugin-parent/pom.xml");
        parent.keySet().retainAll(root.keySet());
        assertTrue(parent.size() > 10, () -> "only " + parent + " is in both");
        root.keySet().retainAll(parent.keySet());
        assertEquals(root, parent);
    }

    /** Of the project, of Maven's plugins, and properties that name one. */
    private static Map<String, String> versions(String pom) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(ROOT.resolve(pom).toFile());
        Map<String, String> versions = new TreeMap<>();
        Element project = document.getDocumentElement();
        versions.put("project", text(project, "version"));
        NodeList plugins = project.getElementsByTagName("plugin");
        for (int i = 0; i < plugins.getLength(); i++) {
            String version = text(plugins.item(i), "version");
            if (!version.isEmpty()) {
                versions.put(text(plugins.item(i), "artifactId"), version);
            }
        }
        NodeList properties = project.getElementsByTagName("properties").item(0).getChildNodes();
        for (int i = 0; i < properties.getLength(); i++) {
            if (properties.item(i).getNodeName().endsWith(".version")) {
                versions.put(properties.item(i).getNodeName(), properties.item(i).getTextContent());
            }
        }
        return versions;
    }

    /** Of a child; empty if there is none. */
    private static String text(Node node, String child) {
        for (Node one = node.getFirstChild(); one != null; one = one.getNextSibling()) {
            if (one.getNodeName().equals(child)) {
                return one.getTextContent();
            }
        }
        return "";
    }
}
