package dev.kiln.platform.runtime;

import com.google.inject.Injector;
import org.pf4j.ExtensionFactory;

/** Creates extensions through an injector, so that their constructors may ask for services. */
record GuiceExtensionFactory(Injector injector) implements ExtensionFactory {

    @Override
    public <T> T create(Class<T> extension) {
        return injector.getInstance(extension);
    }
}
