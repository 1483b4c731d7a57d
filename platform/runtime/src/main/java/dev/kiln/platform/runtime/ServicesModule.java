package dev.kiln.platform.runtime;

import com.google.inject.AbstractModule;
import dev.kiln.platform.config.YamlConfigFiles;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Extensions;

/** What every factory's constructor may ask for. */
final class ServicesModule extends AbstractModule {
    private final LateCatalog catalog;

    ServicesModule(LateCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    protected void configure() {
        install(new PlatformFactories());
        bind(LateCatalog.class).toInstance(catalog);
        bind(Extensions.class).toInstance(catalog);
        bind(ConfigFiles.class).toInstance(new YamlConfigFiles(catalog));
    }
}
