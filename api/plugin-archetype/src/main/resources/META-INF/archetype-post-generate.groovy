import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption

Path project = Path.of(request.outputDirectory, request.artifactId)
Path points = project.resolve('points')
Path chosen = points.resolve(request.properties['point'] as String)
Files.walk(chosen).filter { Files.isRegularFile(it) }.toList().each {
    Path target = project.resolve(chosen.relativize(it).toString())
    Files.createDirectories(target.parent)
    Files.move(it, target, StandardCopyOption.REPLACE_EXISTING)
}
points.toFile().deleteDir()
