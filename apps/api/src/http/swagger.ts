import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { VERSION } from '../config/version';

/** The OpenAPI 3.1 document of the running application. */
export function createOpenApi(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ferry node')
    .setDescription(
      'Share files directly between your devices. Errors are application/problem+json (RFC 9457) with a stable code. ' +
        'Besides those of its own, any request can be answered with 400 validation, 403 forbidden-origin, ' +
        '405 method-not-allowed, 421 unknown-host and 500 internal.',
    )
    .setVersion(VERSION)
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Swagger UI at `/api/docs`, the document at `/api/openapi.json`. */
export function setupSwagger(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => createOpenApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Ferry API',
  });
}
