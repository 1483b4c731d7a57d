package dev.kiln.distribution.archive;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Libraries in versions with published faults. One in a jar fails the build, whether it is the jar
 * itself or was shaded into it: shading keeps the {@code pom.properties} of what it takes in. A jar
 * without any is known by its name. SECURITY.md gives the reasons of what is accepted.
 */
final class KnownFaults implements Jars.Visitor {
    private static final Pattern POM = Pattern.compile("META-INF/maven/(.+)/(.+)/pom\\.properties");
    private static final Pattern JAR = Pattern.compile("(?<artifact>.+?)-(?<version>\\d.*)");

    /** The first version without the fault, of those in use here and of what ND4J asks for. */
    private static final List<Fault> FAULTS =
            List.of(
                    new Fault("ch.qos.logback", "logback-classic", "1.4.12", "CVE-2023-6378"),
                    new Fault("ch.qos.logback", "logback-core", "1.5.19", "CVE-2025-11226"),
                    new Fault(
                            "com.fasterxml.jackson.core",
                            "jackson-core",
                            "2.15.0",
                            "CVE-2025-52999"),
                    new Fault(
                            "com.fasterxml.jackson.core",
                            "jackson-databind",
                            "2.13.4.2",
                            "CVE-2022-42003"),
                    new Fault("com.fasterxml.woodstox", "woodstox-core", "6.4.0", "CVE-2022-40152"),
                    new Fault("com.google.guava", "guava", "32.0.0-android", "CVE-2023-2976"),
                    new Fault("com.google.protobuf", "protobuf-java", "3.25.5", "CVE-2024-7254"),
                    new Fault("commons-io", "commons-io", "2.14.0", "CVE-2024-47554"),
                    new Fault("commons-net", "commons-net", "3.9.0", "CVE-2021-37533"),
                    new Fault("org.apache.commons", "commons-compress", "1.26.0", "CVE-2024-25710"),
                    new Fault("org.apache.commons", "commons-lang3", "3.18.0", "CVE-2025-48924"),
                    new Fault("org.pf4j", "pf4j", "3.10.0", "CVE-2023-40826"),
                    new Fault("org.yaml", "snakeyaml", "2.0", "CVE-2022-1471"));

    /** Jar and artifact, as in SECURITY.md. */
    private static final Set<String> ACCEPTED = Set.of("guava-1.0.0-M2.1 guava");

    private final Set<String> unused = new HashSet<>(ACCEPTED);

    private record Fault(String group, String artifact, String fixed, String advisory) {}

    @Override
    public void visit(String jar, String path, InputStream content) throws IOException {
        Matcher pom = POM.matcher(path);
        if (pom.matches()) {
            Properties properties = new Properties();
            properties.load(content);
            check(jar, pom.group(1), pom.group(2), properties.getProperty("version"));
        } else if (path.equals("META-INF/MANIFEST.MF")) {
            checkName(jar);
        }
    }

    private void checkName(String jar) {
        Matcher name = JAR.matcher(jar);
        if (name.matches()) {
            for (Fault fault : FAULTS) {
                if (fault.artifact.equals(name.group("artifact"))) {
                    check(jar, fault.group, fault.artifact, name.group("version"));
                }
            }
        }
    }

    private void check(String jar, String group, String artifact, String version) {
        for (Fault fault : FAULTS) {
            if (fault.group.equals(group)
                    && fault.artifact.equals(artifact)
                    && Version.parse(version).compareTo(Version.parse(fault.fixed)) < 0) {
                refuse(jar, version, fault);
            }
        }
    }

    private void refuse(String jar, String version, Fault fault) {
        String accepted = jar + " " + fault.artifact;
        if (ACCEPTED.contains(accepted)) {
            unused.remove(accepted);
            return;
        }
        throw new IllegalStateException(
                String.format(
                        Locale.ROOT,
                        "%s:%s %s in %s.jar has %s; %s is the first version without",
                        fault.group,
                        fault.artifact,
                        version,
                        jar,
                        fault.advisory,
                        fault.fixed));
    }

    /** What was accepted and is in no jar any more. */
    Set<String> unused() {
        return Set.copyOf(unused);
    }
}
