package dev.kiln.platform.cli;

import java.nio.file.Path;

/**
 * The Java that runs this.
 *
 * @param version with its vendor
 * @param own whether it came with Kiln
 * @param heapLimit bytes
 * @param vectorApi whether kernels may use the processor's vectors
 */
record JavaHere(String version, String home, boolean own, long heapLimit, boolean vectorApi) {
    static JavaHere find() {
        String home = System.getProperty("java.home");
        Path runtime = Path.of(System.getProperty("kiln.home", "")).resolve("runtime");
        return new JavaHere(
                System.getProperty("java.runtime.version")
                        + ", "
                        + System.getProperty("java.vendor"),
                home,
                Path.of(home).equals(runtime),
                Runtime.getRuntime().maxMemory(),
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
    }
}
